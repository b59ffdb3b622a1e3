"""The portal: how anyone makes a request, follows it, and finds the liaison officers."""
