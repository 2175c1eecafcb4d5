import { ibmcloudNamespace } from "../schema";
import { type ConstructProps, resourceOf } from "./from-schema";

/** Props of {@link IbmCloudNamespace}: the attributes of `registry_ibmcloud_namespace`, in camelCase. */
export type IbmCloudNamespaceProps = ConstructProps<typeof ibmcloudNamespace>;

/** A registry namespace of IBM Cloud Container Registry (`registry_ibmcloud_namespace`). */
export class IbmCloudNamespace extends resourceOf(ibmcloudNamespace) {}
