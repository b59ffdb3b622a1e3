"""How every Django form of the product is drawn: ``FORM_RENDERER`` names this class.

``{{ form }}`` gives error summary and fields, ``{{ form.name.as_field_group }}`` one field.
"""

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """Forms and fields from ``templates/components``; widgets stay Django's own."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
