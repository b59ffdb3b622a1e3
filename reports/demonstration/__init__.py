"""An invented city whose last three months are played through the product's own services."""
