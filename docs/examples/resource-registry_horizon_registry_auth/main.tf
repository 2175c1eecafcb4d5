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

# A registry with a port works. The value is in neither state nor plan.
resource "registry_horizon_registry_auth" "hello" {
  service      = "hello_1.0.0_amd64" # registry_horizon_service.hello.service_id
  registry     = "registry.example.com:5000"
  username     = "acme"
  password_env = "REGISTRY_HORIZON_PASSWORD"
}

output "number" {
  value = registry_horizon_registry_auth.hello.auth_id
}
