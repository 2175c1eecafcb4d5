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

  issuers = {
    openshift = {
      openshift = {}
    }
  }
}

resource "registry_openshift_route" "images" {}

# A bound token of 30 days, due for replacement in its last seven. Without lifetime_seconds it would never expire.
# The ServiceAccount has to be there, with the role system:image-puller in the project (kubernetes_service_account_v1,
# kubernetes_role_binding_v1); the construct OpenShiftRegistry makes all of it.
resource "registry_openshift_token" "pull" {
  issuer               = "openshift"
  name                 = "pull"
  project              = "edge-images"
  service_account      = "puller"
  lifetime_seconds     = 2592000
  renew_before_seconds = 604800

  # The new token reaches every pull secret before the old one is revoked.
  lifecycle {
    create_before_destroy = true
  }
}

resource "registry_pull_secret" "images" {
  name       = "edge-images"
  namespaces = ["team-a"]

  registries = [{
    hosts         = registry_openshift_route.images.hosts
    credential_id = registry_openshift_token.pull.credential_id
  }]
}
