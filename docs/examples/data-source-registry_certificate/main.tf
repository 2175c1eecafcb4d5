terraform {
  required_providers {
    registry = {
      source  = "registry.terraform.io/registry-access/registry"
      version = ">= 0.1.0"
    }
  }
}

provider "registry" {
  owner = "shop/edge"
}

# Verified by the system's roots: an error where they don't know its CA, with what was presented.
data "registry_certificate" "public" {
  host = "us.icr.io"
}

# Verified by a fingerprint that who runs the registry has told: of the CA, so that a renewed certificate under it is no change.
data "registry_certificate" "openshift" {
  host             = "default-route-openshift-image-registry.apps.shop.example.com"
  pinned_sha256    = "5F:1A:0B:9C:44:E2:07:3D:81:BE:6A:95:C0:2F:D8:13:77:AC:39:E6:50:F4:8B:21:9D:63:0E:BA:C5:18:72:4F"
  warn_before_days = 30
}

# A lab of one's own: whatever is presented, at each read.
data "registry_certificate" "lab" {
  host               = "10.0.0.7:5000"
  server_name        = "registry.lab.example"
  trust_on_first_use = true
}

# For /etc/docker/certs.d/HOST/ca.crt on each edge node.
output "ca" {
  value = data.registry_certificate.openshift.ca_pem
}

# To be compared with who runs it, and then pinned.
output "lab_sha256" {
  value = data.registry_certificate.lab.ca_sha256
}
