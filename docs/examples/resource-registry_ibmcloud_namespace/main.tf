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

# Images are then us.icr.io/acme-apps/<name>.
resource "registry_ibmcloud_namespace" "apps" {
  issuer = "icr"
  name   = "acme-apps"
  region = "us-south"
}
