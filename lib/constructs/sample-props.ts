import { checkImageReference } from "../domain/image-reference";
import { checkNamespaceName, checkObjectName } from "../domain/kubernetes-name";
import { type NamespaceReference, namespaceName } from "./namespaces";
import { isUnresolved } from "./partly-known";
import { anything, list, type PropShape, required, text, wholeNumber } from "./shape";

const isLabel = (name: string) => checkNamespaceName(name, []) === undefined;
const faultOfImage = (image: string) => checkImageReference(image, [])?.detail;
const isObjectName = (name: string) => checkObjectName(name, []) === undefined;

/** What the props of both samples may be; the name is also a label's value and the container's. */
export const sampleShape = {
  namespace: required({
    wanted: 'a namespace: its name, such as "team-a", or the construct that makes it',
    accepts: (namespace: unknown) => isNamespace(namespace),
  }),
  image: required({
    ...text('an image reference, such as "registry.example.com/acme/app:1"', (image) => faultOfImage(image) === undefined),
    why: (image) => (typeof image === "string" ? faultOfImage(image) : undefined),
  }),
  name: text(
    "a name of 1 to 63 lower case letters, digits and '-', such as \"sample-pod\" (where it is left out, the construct's id)",
    isLabel,
  ),
  serviceAccount: text("a ServiceAccount's name", isObjectName),
  provider: anything,
  dependsOn: anything,
} satisfies { readonly [name: string]: PropShape };

/** What the number of Pods may be. */
export const replicasShape = wholeNumber("a whole number of Pods", 0, 2 ** 31 - 1);
/** What a container's port may be. */
export const portShape = wholeNumber("a port from 1 to 65535", 1, 65535);
/** What the names of pull secrets may be. */
export const pullSecretsShape = list("a list of pull secrets' names", (name) => typeof name === "string" && isObjectName(name));

function isNamespace(namespace: unknown): boolean {
  if (
    typeof namespace !== "string" &&
    typeof (namespace as { metadata?: { name?: unknown } } | null)?.metadata?.name !== "string"
  )
    return false;
  const name = namespaceName(namespace as NamespaceReference);
  return isUnresolved(name) || isLabel(name);
}
