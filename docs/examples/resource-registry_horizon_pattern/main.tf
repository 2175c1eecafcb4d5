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
  default = "~/.hzn/keys/service.private.key"
}

resource "registry_horizon_pattern" "hello" {
  name = "pattern-hello-amd64"

  # Or file("horizon/pattern.json"). The services are published already.
  definition = jsonencode({
    label = "Says hello"
    services = [
      {
        serviceUrl      = "hello" # registry_horizon_service.hello.url
        serviceOrgid    = "$HZN_ORG_ID"
        serviceArch     = "amd64"
        serviceVersions = [{ version = "1.0.0" }]
      },
    ]
  })

  signing_key_file = var.signing_key_file
}

output "pattern" {
  value = registry_horizon_pattern.hello.id
}
