import { imageAt, type Registry, type RegistryEntry } from "./registry";
import type { Secret } from "./secret";
import { anything, checkShape, required, type Shape, text } from "./shape";

/** Props of {@link PrivateRegistry}. */
export interface PrivateRegistryProps {
  /** The user name. */
  readonly username: string;
  /** The password: `Secret.variable("…")` (write-only) or `Secret.env("REGISTRY_…")`. */
  readonly password: Secret;
  /** The e-mail address that the docker config JSON carries; registries don't read it. @default - the field is left out */
  readonly email?: string | undefined;
  /**
   * For a password that differs at every run: then only a change of this number writes it anew. Only with a variable.
   * @default - a changed password is noticed by itself
   */
  readonly passwordVersion?: number | undefined;
}

/** What stands in them is checked where it becomes an entry of a pull secret. */
const SHAPE: Shape<PrivateRegistryProps> = {
  username: required({ ...anything, wanted: "the registry's user name" }),
  password: required({ ...anything, wanted: 'Secret.variable("name") or Secret.env("NAME")' }),
  email: anything,
  passwordVersion: anything,
};

/** Any registry with a user name and a password of one's own. */
export class PrivateRegistry implements Registry {
  readonly hosts: readonly string[];

  /**
   * @param server - the registry host, `host[:port]`, as it stands at the front of an image reference
   * @throws where a prop is missing or unknown
   */
  constructor(
    server: string,
    private readonly props: PrivateRegistryProps,
  ) {
    checkShape("PrivateRegistry", { server: required(text("a registry host")) }, { server });
    checkShape(`PrivateRegistry ${server}`, SHAPE, props);
    this.hosts = [server];
  }

  image(repository: string): string {
    return imageAt(this.hosts[0] ?? "", repository);
  }

  entryFor(): RegistryEntry {
    const { username, password, email, passwordVersion } = this.props;
    return { hosts: [...this.hosts], username, passwordWo: password, email, passwordWoVersion: passwordVersion };
  }
}
