"""What puts the product on a machine: launcher, image, requirements."""
