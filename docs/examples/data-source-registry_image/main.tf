terraform {
  required_providers {
    registry = {
      source  = "registry.terraform.io/registry-access/registry"
      version = ">= 0.1.0"
    }
  }
}

provider "registry" {
  owner = "shop/production"

  kubernetes = {
    config_path    = "~/.kube/config"
    config_context = "production"
  }

  issuers = {
    dedicated = {
      bluemix = {
        api_endpoint = "https://api.acme.example.com"
        hosts        = ["registry.acme.example.com"]
        api_key_env  = "BLUEMIX_API_KEY"
        organization = "acme"
      }
    }
  }
}

resource "registry_token" "pull" {
  issuer = "dedicated"
  name   = "pull"

  lifecycle {
    create_before_destroy = true
  }
}

# With an issued credential. Until the token is issued its id is unknown, so the first plan doesn't read this.
data "registry_image" "app" {
  image         = "registry.acme.example.com/acme/app:1.2"
  credential_id = registry_token.pull.credential_id
}

resource "registry_pull_secret" "partner" {
  name       = "partner-pull"
  namespaces = ["team-a"]

  registries = [
    {
      hosts        = ["registry.partner.example:5000"]
      username     = "acme"
      password_env = "REGISTRY_PARTNER_PASSWORD"
    }
  ]
}

# With a pull secret that the same stack makes. As it refers to that resource, this is read after a change of it.
# With the name as text it would take depends_on = [registry_pull_secret.partner].
data "registry_image" "partner" {
  image       = "registry.partner.example:5000/acme/worker"
  pull_secret = { namespace = "team-a", name = registry_pull_secret.partner.name }
  platform    = "linux/amd64"
}

# A public image, anonymously.
data "registry_image" "nginx" {
  image = "nginx:1.27"
}

output "pinned" {
  value = {
    app    = data.registry_image.app.pinned_image
    worker = data.registry_image.partner.pinned_image
    nginx  = data.registry_image.nginx.pinned_image
  }
}
