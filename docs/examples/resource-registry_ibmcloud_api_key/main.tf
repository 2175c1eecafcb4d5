terraform {
  required_providers {
    registry = {
      source  = "registry.terraform.io/registry-access/registry"
      version = ">= 0.1.0"
    }
  }
}

# Logs in to IAM with the API key in IBMCLOUD_API_KEY, or in IC_API_KEY.
provider "registry" {
  owner = "shop/production"

  issuers = {
    icr = {
      ibmcloud = {}
    }
  }
}

# A key that lives for 90 days and is due for replacement in its last 15, of a service ID that may only pull. Its value stays out of the state.
resource "registry_ibmcloud_api_key" "pull" {
  issuer               = "icr"
  name                 = "pull"
  description          = "pull secrets of production"
  lifetime_seconds     = 7776000
  renew_before_seconds = 1296000

  # The new key reaches every pull secret before the old one is deleted.
  lifecycle {
    create_before_destroy = true
  }
}

# One key for several regions, in every namespace.
resource "registry_pull_secret" "icr" {
  name       = "registry-pull"
  namespaces = ["team-a", "team-b"]

  registries = [
    {
      hosts         = ["us.icr.io", "de.icr.io", "icr.io"]
      credential_id = registry_ibmcloud_api_key.pull.credential_id
    },
  ]
}
