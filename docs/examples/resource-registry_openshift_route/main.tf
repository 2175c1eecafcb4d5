terraform {
  required_providers {
    registry = {
      source  = "registry.terraform.io/registry-access/registry"
      version = ">= 0.1.0"
    }
  }
}

# The cluster comes from the environment, as for hashicorp/kubernetes: KUBE_CONFIG_PATH.
provider "registry" {
  owner = "shop/production"
}

# Finds the registry's default route; switches it on where it is off.
resource "registry_openshift_route" "images" {}

output "image" {
  value = "${registry_openshift_route.images.host}/edge-images/myservice_amd64:1.2.3"
}

# For /etc/docker/certs.d/<host>/ca.crt on edge nodes.
output "ca" {
  value = registry_openshift_route.images.ca_certificate
}
