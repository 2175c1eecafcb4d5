import type { Session } from "./call";
import type { CallContext } from "./definition";
import { requireValid } from "./validate-config";
import type { ObjectValue } from "./value";

/** Hands the provider its configuration, which may hold unknown values; nothing is contacted. */
export async function configureProvider<C>(session: Session<C>, config: ObjectValue, context: CallContext): Promise<void> {
  requireValid(session.definition.schema, config);
  session.setConfigured(await session.definition.configure(config, context));
}
