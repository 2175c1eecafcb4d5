/** The provider's executable. */
import { createRegistryProvider } from "./registry-provider";
import { serve } from "./serve";

void serve(createRegistryProvider());
