namespace Cartwright.Commerce.Assistant;

/// <summary>What a shopper may want, as every shop's own model knows it from the utterances made of its catalog.</summary>
public static class ShopIntents
{
    public const string FindProduct = "find-product";
    public const string RefineResults = "refine-results";
    public const string ProductPrice = "product-price";
    public const string ProductStock = "product-stock";
    public const string ProductDetails = "product-details";
    public const string CompareProducts = "compare-products";
    public const string AddToBasket = "add-to-basket";
    public const string RemoveFromBasket = "remove-from-basket";
    public const string ShowBasket = "show-basket";
    public const string CheckoutHelp = "checkout-help";
    public const string OrderStatus = "order-status";
    public const string ReturnProduct = "return-product";

    /// <summary>Delivery, payment, returns, warranty, opening hours: what the merchant's texts answer.</summary>
    public const string AskPolicy = "ask-policy";
    public const string TalkToPerson = "talk-to-person";
    public const string Greet = "greet";
    public const string Thank = "thank";
    public const string Goodbye = "goodbye";
    public const string Yes = "yes";
    public const string No = "no";
    public const string Cancel = "cancel";

    /// <summary>Nothing that the shop answers.</summary>
    public const string OutOfScope = "out-of-scope";
}
