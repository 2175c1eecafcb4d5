terraform {
  required_providers {
    registry = {
      source  = "registry.terraform.io/registry-access/registry"
      version = ">= 0.1.0"
    }
  }
}

# The exchange: HZN_EXCHANGE_URL, HZN_ORG_ID, HZN_EXCHANGE_USER_AUTH and HZN_MGMT_HUB_CERT_PATH, as hzn has them.
provider "registry" {
  owner = "shop/production"
}

variable "signing_key_file" {
  description = "Made by: hzn key create my-org me@example.com (or: openssl genrsa -out service.private.key 4096)."
  default     = "~/.hzn/keys/service.private.key"
}

resource "registry_horizon_service" "hello" {
  # Or file("horizon/service.definition.json"), as hzn dev service new wrote it, with its variables.
  definition = jsonencode({
    label    = "hello for $ARCH"
    url      = "hello"
    version  = "1.0.0"
    arch     = "$ARCH"
    sharable = "multiple"
    deployment = {
      services = {
        hello = {
          image       = "registry.example.com:5000/team/hello_$ARCH:1.0.0"
          environment = ["GREETING=hello"]
        }
      }
    }
  })
  variables = { ARCH = "amd64" }

  # The image is looked up, and published by its digest.
  registries = [
    {
      hosts        = ["registry.example.com:5000"]
      username     = "acme"
      password_env = "REGISTRY_HORIZON_PASSWORD"
    },
  ]

  signing_key_file = var.signing_key_file

  # Another version is another service: the old one stays until the new one is published.
  lifecycle {
    create_before_destroy = true
  }
}

output "service" {
  value = registry_horizon_service.hello.id
}
