import { serve } from "../../lib/provider/serve";
import { definition } from "./definition";

void serve(definition, { address: "registry.terraform.io/hashicorp/kubernetes" });
