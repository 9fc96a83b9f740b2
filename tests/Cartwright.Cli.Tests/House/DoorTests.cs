using System.Reflection;
using Cartwright.Cli.Commands;
using Cartwright.Cli.Requests;
using Cartwright.Commerce;
using Cartwright.Server;
using Cartwright.Server.Verbs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Cartwright.Cli.Tests.House;

/// <summary>Every request record has its three doors: a library method, a command, and an HTTP endpoint.</summary>
public sealed class DoorTests
{
    /// <summary>Commands without an HTTP door of their own: what they make is a file on this machine, or (forget) DELETE of the resource does it. Nor has any evaluate-….</summary>
    private static readonly string[] WithoutHttp = ["sample", "simulate", "replay", "forget"];

    public static TheoryData<string> Requests => [.. RequestRecords.Requests.Select(type => type.FullName!)];

    [Theory, MemberData(nameof(Requests))]
    public void A_request_has_a_library_method(string request)
    {
        Type type = TypeOf(request);

        bool hasMethod = type.Assembly.GetExportedTypes()
            .SelectMany(owner => owner.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Any(method => method.Name.EndsWith("Async", StringComparison.Ordinal)
                && method.GetParameters() is [var first, ..] && first.ParameterType == type
                && method.GetParameters()[^1].ParameterType == typeof(CancellationToken));

        Assert.True(hasMethod, $"No public …Async method takes a {type.Name} first and a CancellationToken last.");
    }

    [Theory, MemberData(nameof(Requests))]
    public void A_request_has_a_command_with_an_option_for_each_field(string request)
    {
        Type type = TypeOf(request);
        CliCommand? command = Cli.Commands().FirstOrDefault(command => command.Form?.Request == type);

        Assert.True(command is not null, $"No command reads a {type.Name}.");
        string[] options = [.. command.Options.Select(option => option.Name)];
        Assert.All(RequestField.Of(type), field => Assert.Contains(field.Form == FieldForm.File ? "--file" : field.OptionName, options));
        Assert.StartsWith(command.Path, command.Example, StringComparison.Ordinal);
        Assert.NotEqual("", command.Description);
    }

    [Theory, MemberData(nameof(Requests))]
    public async Task A_request_has_an_http_endpoint(string request)
    {
        Type type = TypeOf(request);
        string name = type.Name[..^"Request".Length];
        bool isComparison = name.StartsWith("Evaluate", StringComparison.Ordinal) && name != "Evaluate";
        if (isComparison || WithoutHttp.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            return;
        }

        Verb? verb = VerbTable.All.SingleOrDefault(verb => verb.RequestType == type);
        Assert.True(verb is { HasHttpDoor: true }, $"No verb with an HTTP door takes a {type.Name}.");

        using var folder = new TempFolder();
        await using WebApplication app = await CartwrightServer.BuildAsync(new ServeOptions { Shop = folder.At("shop") });
        IEnumerable<string?> routes = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("POST") == true)
            .Select(endpoint => endpoint.RoutePattern.RawText);

        Assert.Contains(verb.Path, routes);
    }

    [Fact]
    public void A_field_that_holds_a_path_does_not_exist_over_http()
    {
        IEnumerable<PropertyInfo> paths = RequestRecords.Requests.SelectMany(type => type.GetProperties())
            .Where(property => property.IsDefined(typeof(PathFieldAttribute)));

        Assert.All(paths, property => Assert.DoesNotContain(WireJson.Name(property),
            WireJson.HttpOptions.GetTypeInfo(property.ReflectedType!).Properties.Select(field => field.Name)));
    }

    private static Type TypeOf(string request) => RequestRecords.Requests.Single(type => type.FullName == request);
}
