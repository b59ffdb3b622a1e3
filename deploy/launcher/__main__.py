"""`python -m deploy.launcher` runs the product on this machine until Ctrl-C."""

from deploy.launcher.product import run_product

if __name__ == "__main__":
    raise SystemExit(run_product())
