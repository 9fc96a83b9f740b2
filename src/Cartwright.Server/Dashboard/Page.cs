using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Cartwright.Server.Dashboard;

/// <summary>An answer that is a page, or a part of one.</summary>
internal static class Page
{
    /// <param name="parameters">The component's parameters as an anonymous object.</param>
    public static IResult Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] TComponent>(object? parameters = null, int status = StatusCodes.Status200OK)
        where TComponent : IComponent =>
        new RazorComponentResult<TComponent>(new RouteValueDictionary(parameters)) { StatusCode = status, PreventStreamingRendering = true };
}
