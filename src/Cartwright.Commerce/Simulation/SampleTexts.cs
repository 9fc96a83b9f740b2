using Cartwright.Commerce.Catalog;

namespace Cartwright.Commerce.Simulation;

/// <summary>What the merchant of the sample shop tells everybody.</summary>
internal static class SampleTexts
{
    public static readonly ShopText[] All =
    [
        Text("delivery-time", "delivery", "How long delivery takes",
            "Orders placed before 14:00 on a working day are packed the same day. Delivery takes 2 to 5 working days. You get the carrier's number by email when the parcel leaves us."),
        Text("delivery-cost", "delivery", "What delivery costs",
            "Delivery costs 4.90 EUR. Orders of 50 EUR and more are delivered free of charge. Furniture is delivered by a forwarder for 29 EUR."),
        Text("delivery-abroad", "delivery", "Delivery to other countries",
            "We deliver to Austria, Belgium, France, Germany, Luxembourg and the Netherlands. Delivery abroad takes 4 to 8 working days and costs 9.90 EUR. We do not deliver outside the European Union."),
        Text("pickup", "delivery", "Collecting an order",
            "You can collect an order from our shop in Mill Lane 7. It is ready two hours after you placed it, during our opening hours."),
        Text("payment", "payment", "How you can pay",
            "You can pay by credit card, by direct debit, by bank transfer or on invoice. An invoice is due within 14 days. Cards are charged when the parcel leaves us."),
        Text("vouchers", "payment", "Gift cards and discount codes",
            "Gift cards are valid for three years. You enter the number of a gift card or a discount code at the checkout. Only one discount code counts for an order."),
        Text("returns", "returns", "Sending something back",
            "You can return anything unused within 30 days of delivery. Print the label in your account and bring the parcel to any post office. Returns are free of charge."),
        Text("refund", "returns", "When you get your money back",
            "We refund you within 7 days after the parcel reached us. The money goes back the way you paid."),
        Text("no-return", "returns", "What can't be returned",
            "Food, opened cosmetics and plants can't be returned. If they arrive damaged, send us a photo and we replace them."),
        Text("warranty", "warranty", "Warranty and repairs",
            "Everything we sell has a warranty of two years. Knives and cookware have a warranty of five years. If something breaks, write to us with your order number and a photo."),
        Text("damaged", "warranty", "Damaged or wrong goods",
            "If something arrives broken or is not what you ordered, tell us within 14 days. We send a replacement at once and you keep or return the wrong one at our cost."),
        Text("opening-hours", "opening hours", "When we are there",
            "Our shop in Mill Lane 7 is open Monday to Friday from 9:00 to 18:00 and on Saturday from 10:00 to 16:00. On Sundays and public holidays we are closed."),
        Text("contact", "contact", "How to reach us",
            "You reach us by phone at 0800 555 0199, Monday to Friday from 9:00 to 17:00. We answer emails to help@shop.example within one working day."),
        Text("privacy", "privacy", "What we keep of you",
            "We keep your orders for ten years, as the law asks. Write to us to have everything else deleted. We never sell your data."),
        Text("gift-wrap", "gifts", "Gift wrapping",
            "We wrap gifts for 3.50 EUR a parcel. Choose it in the basket and add a card of up to 200 letters. No prices are in a gift parcel."),
        Text("change-order", "orders", "Changing or canceling an order",
            "You can change or cancel an order until it is packed. Call us with the order number. What is on its way already can be returned."),
    ];

    private static ShopText Text(string id, string topic, string title, string text) => new() { Id = id, Topic = topic, Title = title, Text = text };
}
