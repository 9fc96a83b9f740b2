using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json;
using Cartwright.Cli.Commands;
using Cartwright.Cli.Output;
using Cartwright.Cli.Requests;
using Cartwright.Commerce.Access;
using Cartwright.Commerce.Catalog;
using Cartwright.Server;
using Cartwright.Server.Access;
using Cartwright.Server.Verbs;
using Cartwright.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Cartwright.Cli.Tests.House;

/// <summary>Library, command line and HTTP refuse the same values of every verb's fields, in the same words.</summary>
public sealed class RefusalTests(ServedShop served) : IClassFixture<ServedShop>
{
    /// <summary>Verb, field, and a value beyond either edge of its range.</summary>
    public static TheoryData<string, string, double> Edges
    {
        get
        {
            var data = new TheoryData<string, string, double>();
            foreach ((Verb verb, PropertyInfo property) in VerbTable.All.SelectMany(verb => verb.RequestType.GetProperties()
                .Where(property => property.IsDefined(typeof(RangeAttribute))).Select(property => (verb, property))))
            {
                RangeAttribute range = property.GetCustomAttribute<RangeAttribute>()!;
                data.Add(verb.Path, property.Name, Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture) - 1);
                double high = Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture);
                data.Add(verb.Path, property.Name, high + Math.Max(1, high * 0.01));
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Edges))]
    public async Task What_lies_beyond_an_edge_is_refused_at_all_three_doors(string path, string field, double value)
    {
        Verb verb = VerbTable.All.Single(verb => verb.Path == path);
        PropertyInfo property = verb.RequestType.GetProperty(field)!;
        object request = RequestRecords.Example(verb.RequestType);
        property.SetValue(request, Convert.ChangeType(value, Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, CultureInfo.InvariantCulture));
        string name = WireJson.Name(property);

        var inLibrary = await Assert.ThrowsAsync<InvalidRequestException>(() =>
            verb.InvokeAsync(served.Shop, request, progress: null, CancellationToken.None));
        CliResult typed = await Cli.RunAsync([verb.Slice, verb.Name, .. Words(verb, property, value), "--shop", served.Shop.Folder]);

        string words = Assert.Single(inLibrary.Errors[name]);
        Assert.Equal(Failure.Usage, typed.ExitCode);
        Assert.Contains(words.Replace($"The field {name} ", OptionOf(property) + " ", StringComparison.Ordinal), typed.Error, StringComparison.Ordinal);
        if (verb.HasHttpDoor)
        {
            HttpResponseMessage overHttp = await PostAsync(verb, request, name, value);
            Assert.Equal(HttpStatusCode.BadRequest, overHttp.StatusCode);
            JsonElement problem = await overHttp.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal(words, problem.GetProperty("errors").GetProperty(name)[0].GetString());
        }
    }

    private Task<HttpResponseMessage> PostAsync(Verb verb, object request, string name, double value)
    {
        if (verb.Files == VerbFiles.Upload)
        {
            var zip = new ByteArrayContent([]);
            zip.Headers.ContentType = new("application/zip");
            return served.Http.PostAsync(string.Create(CultureInfo.InvariantCulture, $"{verb.Path}?{name}={value}"), zip);
        }

        return served.Http.PostAsync(verb.Path, JsonContent.Create(request, verb.RequestType, options: WireJson.HttpOptions));
    }

    private static IEnumerable<string> Words(Verb verb, PropertyInfo field, double value)
    {
        foreach (RequestField required in RequestField.Of(verb.RequestType).Where(other => other.IsRequired))
        {
            yield return required.OptionName;
            yield return "x";
        }

        yield return $"{OptionOf(field)}={value.ToString("0.######", CultureInfo.InvariantCulture)}";
    }

    private static string OptionOf(PropertyInfo field) => RequestField.Of(field.ReflectedType!).Single(option => option.Property.Name == field.Name).OptionName;
}

/// <summary>An empty shop, served on a free port, and a client with an admin's key.</summary>
public sealed class ServedShop : IAsyncLifetime, IDisposable
{
    private readonly TempFolder _folder = new();
    private WebApplication _app = null!;

    public Shop Shop => _app.Services.GetRequiredService<Shop>();

    public HttpClient Http { get; } = new();

    public async Task InitializeAsync()
    {
        _app = await ServeCommand.StartAsync(
            new ServeOptions { Shop = _folder.At("shop"), Url = "http://127.0.0.1:0" }, TimeProvider.System, CancellationToken.None);
        NewKey key = await _app.Services.GetRequiredService<KeyRing>().CreateAsync("test", ApiRoles.Admin, CancellationToken.None);
        Http.BaseAddress = new Uri(ServeCommand.AddressOf(_app));
        Http.DefaultRequestHeaders.Add("X-Api-Key", key.Secret);
    }

    public async Task DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    public void Dispose()
    {
        Http.Dispose();
        _folder.Dispose();
    }
}
