using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Cartwright.Commerce.Catalog;
using Cartwright.Commerce.Vision;
using Cartwright.Server.Dashboard.Pages;
using Cartwright.Storage;

namespace Cartwright.Server.Dashboard;

/// <summary>What is done with a dropped photo: look at it, correct what it shows, make a product of it.</summary>
internal static class PhotoActions
{
    public static IResult Open(string? id, PhotoDesk desk, HttpContext http)
    {
        Photo? photo = desk.Find(id);
        return id is null || photo is not null ? Page.Of<PhotoPage>(new { Photo = photo })
            : new Message("info", "That photo is no longer here: photos are kept for half an hour. Drop it again.").Then(http, Links.Photo);
    }

    public static IResult Picture(string id, PhotoDesk desk, HttpContext http) => desk.Find(id) is { } photo ? photo.Serve(http) : Results.NotFound();

    public static async Task<IResult> TakeAsync(HttpContext http, PhotoDesk desk)
    {
        try
        {
            return Results.LocalRedirect(Links.PhotoOf((await desk.TakeAsync(http)).Id));
        }
        catch (ValidationException refused)
        {
            return new Message("bad", refused.Message).Then(http, Links.Photo);
        }
    }

    /// <summary>Keeps what the photo really shows; the next training learns from it.</summary>
    public static async Task<IResult> CorrectAsync(HttpContext http, Shop shop, PhotoDesk desk)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (desk.Find(form["id"]) is not { } photo || RecommendationQuestion.Text(form["label"]) is not { } label)
        {
            return new Message("warn", "Nothing was changed: say what the photo shows, or drop it again if it is no longer here.").Then(http, Links.Photo);
        }

        CorrectResponse kept = await shop.Vision.CorrectAsync(new CorrectRequest { Picture = photo.Base64, Label = label }, http.RequestAborted);
        return new Message("good", $"Kept: this photo shows “{kept.Label}”. {(kept.CorrectionCount == 1 ? "It is the first correction; t" : $"There are {Figures.Count(kept.CorrectionCount)} corrections; t")}he next training learns from {(kept.CorrectionCount == 1 ? "it" : "them")}.")
            .Then(http, Links.PhotoOf(photo.Id));
    }

    /// <summary>Makes a product of the photo and the form beside it.</summary>
    public static async Task<IResult> SaveAsync(HttpContext http, Shop shop, PhotoDesk desk)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (desk.Find(form["photo"]) is not { } photo)
        {
            return new Message("warn", "The photo is no longer here, so nothing was saved. Drop it again.").Then(http, Links.Photo);
        }

        try
        {
            Product product = Read(form, photo);
            if (await shop.Store.FindProductAsync(product.Id, http.RequestAborted) is not null)
            {
                throw new ValidationException($"There is a product '{product.Id}' already. Choose another id.");
            }

            RequestValidation.Validate(product);
            await shop.Catalog.Pictures.WriteAsync(product, photo.Bytes, http.RequestAborted);
            await shop.Catalog.PutProductAsync(product, http.RequestAborted);
            return new Message("good", $"“{product.Title}” is in the catalog.").Then(http, Links.Product(product.Id));
        }
        catch (Exception refused) when (refused is ValidationException or InvalidRequestException)
        {
            return new Message("bad", $"Nothing was saved: {refused.Message}").Then(http, Links.PhotoOf(photo.Id));
        }
    }

    private static Product Read(IFormCollection form, Photo photo)
    {
        string id = RecommendationQuestion.Text(form["product"]) ?? throw new ValidationException("a product needs an id of its own.");
        decimal? price = RecommendationQuestion.Text(form["price"]) switch
        {
            null => null,
            { } given when decimal.TryParse(given, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number) => number,
            { } given => throw new ValidationException($"the price “{given}” is no number. Write 12.50, with a point and nothing else."),
        };
        return new Product
        {
            Id = id,
            Title = RecommendationQuestion.Text(form["title"]) ?? throw new ValidationException("a product needs a title."),
            Category = RecommendationQuestion.Text(form["category"]),
            Brand = RecommendationQuestion.Text(form["brand"]),
            Price = price,
            Image = $"images/{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(photo.Bytes))[..24]}.{(photo.Kind == "jpeg" ? "jpg" : photo.Kind)}",
            Attributes = form["attribute"].OfType<string>().Select(one => one.Split('=', 2)).Where(pair => pair.Length == 2 && pair[0].Length > 0)
                .GroupBy(pair => pair[0], StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First()[1], StringComparer.Ordinal),
        };
    }
}
