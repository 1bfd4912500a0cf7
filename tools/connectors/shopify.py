"""Shopify: orders and the visits before them, checkouts left, refunds, customers.

A line of an order says what was bought: it joins the order's event. What a shop keeps of stock,
shipping, taxes and discounts says nothing about people.
"""

from tools.connectors.contract import VendorTable
from tools.store.door import read_sql

SQL = read_sql(__file__)
SYNCED = "_fivetran_synced|_airbyte_extracted_at"
UPDATED = "updated_at|updatedAt"
CREATED = "created_at|createdAt|created at"
CUSTOMER = "customer_id|customer.id"
STOCK = "what a shop has in stock says nothing about people"
DISCOUNT = "a discount's terms say nothing about people"
TAXES = "taxes and shipping say nothing about people beyond their order"
PICTURES = "pictures say nothing about people"
MONEY = "how a payment was settled: the order tells of it"


def _aside(
    table: str,
    *required: str,
    nothing: str,
    optional: tuple[str, ...] = (),
    named: tuple[str, ...] = (),
    lacks: tuple[str, ...] = (),
) -> VendorTable:
    """A table that says nothing about people, and why."""
    return VendorTable("shopify", table, required, SQL, optional, named, lacks, nothing)


TABLES = (
    VendorTable(
        "shopify", "order",
        ("id|admin_graphql_api_id", "total_price|total_price_set_shop_amount|totalPriceSet.shopMoney.amount|total|total_price_set_pres_amount", f"{CREATED}|processed_at"),
        SQL,
        optional=(
            "email|contact_email|customer.email", CUSTOMER, "phone|customer.phone", "currency|currency_code|presentment_currency",
            "cancelled_at|canceled_at|cancelledAt", "financial_status|display_financial_status|displayFinancialStatus",
            "name", "note", "referring_site|referrer_url", "landing_site_base_url|landing_site|landing_page_url", "source_name",
            "customer.first_name", "customer.last_name", "line_items", "test", "_fivetran_deleted", SYNCED, UPDATED,
            "processed_at|processedAt", "checkout_id", "checkout_token", "browser_ip|client_ip", "token", "cart_token",
            "order_status_url", "customer.created_at", "total_discounts", "user_id", "lineitem name", "lineitem quantity",
            "refunds",
        ),
        lacks=("abandoned_checkout_url", "orders_count", "total_spent"),
    ),
    VendorTable(
        "shopify", "order_export", ("name", "email", "financial status", "lineitem name"), SQL,
        optional=("created at", "total", "currency", "phone", "id", "cancelled at", "billing name", "billing city", "billing country", "notes", "source", "lineitem quantity"),
    ),
    VendorTable(
        "shopify", "abandoned_checkout", ("id", "abandoned_checkout_url|abandonedCheckoutUrl"), SQL,
        optional=(
            "email|customer.email", CUSTOMER, "phone|customer.phone", CREATED, "completed_at|completedAt",
            "total_price|total_price_set_shop_amount|totalPriceSet.shopMoney.amount", "currency|presentment_currency|total_price_set_shop_currency_code",
            "referring_site", "landing_site_base_url|landing_site", "_fivetran_deleted", SYNCED, UPDATED, "token", "cart_token",
            "customer_locale", "line_items",
        ),
    ),
    VendorTable(
        "shopify", "customer",
        ("id", "email|defaultEmailAddress.emailAddress|email_address", "orders_count|numberOfOrders|total_spent|amountSpent.amount|verified_email"),
        SQL,
        optional=(
            "phone|defaultPhoneNumber.phoneNumber", "first_name|firstName", "last_name|lastName", "state", CREATED, UPDATED,
            "default_address.country|defaultAddress.country", "default_address.city|defaultAddress.city",
            "default_address.company", "note", "tags", SYNCED, "accepts_marketing|email_marketing_consent_state|email_marketing_consent.state",
            "total_spent", "_fivetran_deleted", "addresses", "currency", "tax_exempt",
        ),
    ),
    VendorTable(
        "shopify", "customer_export", ("first name", "last name", "email", "total orders"), SQL,
        optional=("phone", "default address country code", "default address city", "customer id", "tags", "total spent"),
    ),
    VendorTable(
        "shopify", "customer_visit", ("id", "order_id", "landing_page", "occurred_at"), SQL,
        optional=(
            "type", "referrer_url", "source", "source_type", "utm_parameters_source", "utm_parameters_medium",
            "utm_parameters_campaign", "referral_info_html", "landing_page_html", SYNCED,
        ),
    ),
    VendorTable(
        "shopify", "customer_address", ("id", "customer_id", "address_1", "country"), SQL,
        optional=("city", "company", "first_name", "last_name", "phone", SYNCED, "is_default", "name", "zip", "address_2", "latitude", "longitude"),
    ),
    VendorTable("shopify", "customer_tag", ("customer_id", "value", "index"), SQL, optional=(SYNCED,)),
    VendorTable(
        "shopify", "order_line", ("id", "order_id", "title", "quantity", "sku"), SQL,
        optional=("name", "product_id", "variant_id"), lacks=("fulfillment_order_id", "line_items"),
    ),
    VendorTable("shopify", "order_url_tag", ("order_id", "key", "value"), SQL, lacks=("name", "id", "index", "namespace")),
    VendorTable("shopify", "order_tag", ("order_id", "value", "index"), SQL, lacks=("key", "name", "customer_id", "product_id", "code")),
    VendorTable(
        "shopify", "order_note_attribute", ("order_id", "name", "value"), SQL, lacks=("key", "id"),
    ),
    VendorTable("shopify", "order_custom_attribute", ("order_id", "key", "name", "value"), SQL),
    VendorTable("shopify", "order_discount_code", ("order_id", "code", "index"), SQL, lacks=("title", "target_type", "checkout_id", "allocation_method"), optional=("amount", "type")),
    VendorTable(
        "shopify", "refund", ("id", "order_id", "note", CREATED), SQL,
        optional=("total_refunded_set_shop_amount|totalRefundedSet.shopMoney.amount", "total_refunded_set_shop_currency_code", "processed_at", SYNCED, "restock", "user_id", "return_id", "refund_line_items"),
        lacks=("email", "total_price", "currency"),
    ),
    VendorTable(
        "shopify", "transaction", ("id", "order_id", "kind", "gateway"), SQL,
        optional=(
            CREATED, "processed_at", "status", "amount|amount_set_shop_amount", "currency|amount_set_shop_currency_code", "test", SYNCED,
        ),
    ),
    VendorTable(
        "shopify", "fulfillment", ("id", "order_id", "status", CREATED, "location_id"), SQL,
        optional=("shipment_status|display_status", SYNCED, UPDATED, "tracking_company", "tracking_number", "service|service_id", "name"),
        lacks=("fulfillment_id", "kind"),
    ),
    VendorTable(
        "shopify", "fulfillment_event", ("id", "fulfillment_id", "happened_at", "status"), SQL,
        optional=("order_id", SYNCED, "_fivetran_deleted", "message", "latitude", "longitude", "zip", "address_1", "city", "province", "country", "shop_id", "estimated_delivery_at", CREATED, UPDATED),
    ),
    VendorTable("shopify", "return", ("id", "order_id", "decline_reason", "status"), SQL, optional=("name", "decline_note", "total_quantity"), nothing="a return's state has no time of its own: its refund has"),
    VendorTable("shopify", "collection", ("id", "handle", "title", "sort_order"), SQL, optional=(UPDATED, "_fivetran_deleted")),
    VendorTable("shopify", "product", ("id", "handle", "title", "vendor", "product_type"), SQL, optional=(UPDATED, "_fivetran_deleted", "variants", "body_html")),
    VendorTable("shopify", "product_variant", ("id", "product_id", "sku", "inventory_item_id", "title"), SQL, optional=(UPDATED, "display_name")),
    VendorTable("shopify", "location", ("id", "name", "address_1", "province_code"), SQL, optional=(UPDATED,), lacks=("customer_id", "email", "orders_count")),
    _aside("shop", "id", "domain|checkout_api_supported", "currency|currency_code", nothing="the company's own shop"),
    _aside("collection_product", "collection_id", "product_id", nothing=STOCK),
    _aside("collection_rule", "collection_id", "condition", "relation", nothing=STOCK),
    _aside("inventory_item", "id", "sku", "tracked", "country_code_of_origin", nothing=STOCK),
    _aside("inventory_level", "id", "inventory_item_id", "can_deactivate", nothing=STOCK),
    _aside("inventory_quantity", "id", "inventory_level_id", "quantity", nothing=STOCK),
    _aside("fulfillment_order_line_item", "id", "fulfillment_order_id", "remaining_quantity", nothing=STOCK),
    _aside("fulfillment_tracking_info", "fulfillment_id", "company", "number", "url", nothing="a parcel's number names no person"),
    _aside("product_tag", "product_id", "value", "index", nothing=STOCK),
    _aside("product_media", "product_id", "media_id", nothing=PICTURES),
    _aside("product_variant_media", "product_variant_id", "media_id", nothing=PICTURES),
    _aside("media_image", "media_id", "image_id", nothing=PICTURES),
    _aside("media", "id", "status", CREATED, UPDATED, nothing=PICTURES, named=("media",), optional=("media_content_type", "file_status")),
    _aside("metafield", "id", "namespace", "key", "owner_id", nothing="a shop's own field of a product or page"),
    _aside("discount_allocation", "order_line_id", "discount_application_index", nothing=DISCOUNT),
    _aside("discount_application", "order_id", "allocation_method", "target_type", nothing=DISCOUNT),
    _aside("discount_code", "id", "applies_once_per_customer", "async_usage_count", nothing=DISCOUNT),
    _aside("discount_redeem_code", "id", "discount_id", "code", "async_usage_count", nothing=DISCOUNT),
    _aside("abandoned_checkout_discount_code", "checkout_id", "code", "index", nothing=DISCOUNT, lacks=("carrier_identifier",)),
    _aside("abandoned_checkout_shipping_line", "checkout_id", "carrier_identifier", nothing=TAXES),
    _aside("order_shipping_line", "id", "order_id", "carrier_identifier", nothing=TAXES),
    _aside("order_shipping_tax_line", "order_shipping_line_id", "rate", nothing=TAXES),
    _aside("tax_line", "order_line_id", "rate", "title", nothing=TAXES),
    _aside("order_adjustment", "id", "refund_id", "reason", nothing=MONEY, lacks=("quantity", "gateway"), optional=("kind", "tax_amount")),
    _aside("order_line_refund", "id", "refund_id", "order_line_id", "quantity", nothing="a refund's line: the refund tells of it"),
    _aside("return_line_item", "id", "return_id", "order_line_id", nothing="a return's line: the refund tells of it"),
    _aside("return_shipping_fee", "id", "return_id", "amount_set_shop_money_amount", nothing=MONEY),
    _aside("tender_transaction", "id", "order_id", "remote_reference", "payment_method", nothing=MONEY),
)  # fmt: skip
