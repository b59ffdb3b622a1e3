"""The matters that follow from the figures: their record, notices and pages, as they share them."""
