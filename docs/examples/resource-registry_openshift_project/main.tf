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

resource "registry_openshift_project" "images" {
  name         = "edge-images"
  display_name = "Edge images"
  description  = "Images that edge nodes pull"
}

output "project" {
  value = registry_openshift_project.images.name
}
