using Cartwright.Server.Dashboard.Pages;
using Microsoft.AspNetCore.Antiforgery;

namespace Cartwright.Server.Dashboard;

/// <summary>Lets a form through that one of our pages made for this visitor; a forged or stale one gets a page that says so.</summary>
internal sealed class FormFilter(IAntiforgery antiforgery) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        await antiforgery.IsRequestValidAsync(context.HttpContext)
            ? await next(context)
            : Refused();

    public static IResult Refused() => Page.Of<ProblemPage>(new
    {
        Title = "This form is no longer valid",
        Text = "Nothing was changed. The page was open too long, you logged in or out meanwhile, or cookies are switched off. Go back, load the page again and repeat what you did.",
    }, StatusCodes.Status400BadRequest);
}
