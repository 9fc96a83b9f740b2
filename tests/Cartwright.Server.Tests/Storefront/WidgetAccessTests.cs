using System.Net;
using System.Net.Http.Json;

namespace Cartwright.Server.Tests.Storefront;

public sealed class WidgetAccessTests
{
    [Theory]
    [InlineData(false, null, HttpStatusCode.Forbidden)]
    [InlineData(false, "https://else.example", HttpStatusCode.Forbidden)]
    [InlineData(false, "https://shop.example", HttpStatusCode.Conflict)]          // let in; nothing is trained here
    [InlineData(true, null, HttpStatusCode.Conflict)]
    [InlineData(true, "https://else.example", HttpStatusCode.Forbidden)]
    public async Task Answers_pages_of_listed_origins_and_its_own_where_the_store_is_open(bool isOpen, string? origin, HttpStatusCode expected)
    {
        TestServer server = await TestServer.StartAsync(options => options with { OpenStore = isOpen, WidgetOrigins = ["https://shop.example"] });
        try
        {
            using HttpResponseMessage answer = await AskAsync(server.Nobody, "/widget/reply", origin, new { text = "hello" });

            Assert.Equal(expected, answer.StatusCode);
            Assert.Equal(origin == "https://shop.example", answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed) && allowed.Single() == origin);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Tells_the_same_pages_whether_a_microphone_is_heard()
    {
        TestServer server = await TestServer.StartAsync(options => options with { WidgetOrigins = ["https://shop.example"] });
        try
        {
            Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(server.Nobody, null));
            Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(server.Nobody, "https://else.example"));
            Assert.Equal(HttpStatusCode.OK, await AskAsync(server.Nobody, "https://shop.example"));
            Assert.Equal(HttpStatusCode.OK, await AskAsync(server.Query, null));
        }
        finally
        {
            await server.DisposeAsync();
        }

        static async Task<HttpStatusCode> AskAsync(HttpClient client, string? origin)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/widget/voice");
            if (origin is not null)
            {
                request.Headers.Add("Origin", origin);
            }

            using HttpResponseMessage answer = await client.SendAsync(request);
            Assert.Equal(origin == "https://shop.example", answer.Headers.Contains("Access-Control-Allow-Origin"));
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Takes_no_shopper_no_long_text_and_no_large_body()
    {
        TestServer server = await TestServer.StartAsync(options => options with { OpenStore = true });
        try
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await AskAsync(server.Nobody, "/widget/reply", null, new { text = "where is my order", shopperId = "anna" })).StatusCode);
            Assert.Equal(HttpStatusCode.BadRequest, (await AskAsync(server.Nobody, "/widget/reply", null, new { text = new string('x', 501) })).StatusCode);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await AskAsync(server.Nobody, "/widget/reply", null, new { text = new string('x', 10_000) })).StatusCode);
            Assert.Equal(HttpStatusCode.BadRequest, (await AskAsync(server.Nobody, "/store/assistant", null, new { text = "a", shopperId = "anna" })).StatusCode);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_store_asks_for_the_login_unless_it_is_open()
    {
        TestServer server = await TestServer.StartAsync();
        try
        {
            Assert.Equal("/login", (await AskAsync(server.Nobody, "/store/assistant", null, new { text = "hello" })).RequestMessage!.RequestUri!.AbsolutePath);
            using HttpResponseMessage script = await server.Nobody.GetAsync("/widget.js");
            Assert.Equal("*", script.Headers.GetValues("Access-Control-Allow-Origin").Single());
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static Task<HttpResponseMessage> AskAsync(HttpClient client, string path, string? origin, object body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("Accept", "application/json");
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        return client.SendAsync(request);
    }
}
