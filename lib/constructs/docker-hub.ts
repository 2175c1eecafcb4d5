import { PrivateRegistry, type PrivateRegistryProps } from "./private-registry";
import { checkRepository, type Registry, type RegistryEntry } from "./registry";

/** Docker Hub. Its images are named without a host: `nginx`, `acme/app:1`. */
export class DockerHub implements Registry {
  readonly hosts: readonly string[] = ["docker.io"];

  private constructor(private readonly account: PrivateRegistry | undefined) {}

  /** Public images: no secret is made. */
  static anonymous(): DockerHub {
    return new DockerHub(undefined);
  }

  /** Private images, and the account's pull rate; the password is best an access token. */
  static account(props: PrivateRegistryProps): DockerHub {
    return new DockerHub(new PrivateRegistry("docker.io", props));
  }

  image(repository: string): string {
    checkRepository("docker.io", repository);
    return repository;
  }

  entryFor(): RegistryEntry | undefined {
    return this.account?.entryFor();
  }
}
