/** The section of the provider's page that says how plain HCL gets it. */
export const GETTING_THE_PROVIDER = `## Getting the provider

It is in no public registry. The constructs have every synthesized stack carry it: there is nothing to do. For plain HCL, in a clone of this repository:

\`\`\`sh
npm ci
npm run provider -- ../my-stack # the folder of your .tf files
\`\`\`

This writes \`terraform.d/plugins/registry.terraform.io/registry-access/registry/…\` (for Linux and macOS; one Node program, so \`node\` has to be on PATH where Terraform runs) and
the provider's entry in \`.terraform.lock.hcl\`, beside your files. \`terraform init\` or \`tofu init\` there finds it, without a network. Run it again after an update.

- **Give the source with its host**, \`registry.terraform.io/registry-access/registry\`. Without a host OpenTofu looks under \`registry.opentofu.org\`, and finds nothing in this folder.
- A CLI configuration with a \`provider_installation\` of its own has to list \`filesystem_mirror { path = "terraform.d/plugins" }\`. For many stacks, let the path be one such folder for all.`;
