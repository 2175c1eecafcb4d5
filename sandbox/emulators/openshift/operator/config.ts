import type { ApiAccess } from "../kubernetes-api";

/** What plays OpenShift's operators is told. */
export interface OperatorConfig {
  readonly api: ApiAccess;
  /** Of routes without a host of their own: `apps.sandbox.example.com`. */
  readonly appsDomain: string;
  /** PEM: signs the routers' default certificate. Published as `openshift-config-managed/default-ingress-cert`. */
  readonly ingressCaFile: string;
  /** PEM: signs the certificates of Services. Published as `openshift-service-ca.crt` in every project. */
  readonly serviceCaFile: string;
  /** The project API, which the API server passes requests on to. */
  readonly projectApi: {
    /** The same at each start: the API server is told. */
    readonly port: number;
    /** For `api.openshift-apiserver.svc`. */
    readonly certificateFile: string;
    readonly keyFile: string;
    /** PEM: signs that certificate. */
    readonly caFile: string;
    /** PEM: signs the API server's own certificate as a front proxy: nobody else may say who asks. */
    readonly clientCaFile: string;
  };
  readonly control: { readonly port?: number; readonly secret: string };
}
