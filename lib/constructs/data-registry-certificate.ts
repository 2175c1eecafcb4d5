import { registryCertificate } from "../schema";
import { type ConstructProps, dataSourceOf } from "./from-schema";

/** Props of {@link DataRegistryCertificate}: the arguments of the data source `registry_certificate`, in camelCase. */
export type DataRegistryCertificateProps = ConstructProps<typeof registryCertificate>;

/**
 * The certificates that a registry host presents, verified, and the CA (`caPem`) to trust on machines that don't know it, for which
 * `EdgeNodeTrust` makes the install script.
 */
export class DataRegistryCertificate extends dataSourceOf(registryCertificate) {}
