using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Cartwright.Commerce.Access;
using Cartwright.Commerce.Assistant.Speech;
using Cartwright.Server.Resources;
using Cartwright.Storage;

namespace Cartwright.Server.Tests.Resources;

public sealed class ListenEndpointTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Without_a_key_nobody_is_heard()
    {
        using var socket = new ClientWebSocket();

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(Address(server), CancellationToken.None));

        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Nobody.GetAsync("/v1/assistant/listen")).StatusCode);
    }

    [Fact]
    public async Task A_plain_request_is_told_what_the_address_is()
    {
        HttpResponseMessage answer = await server.Query.GetAsync("/v1/assistant/listen");

        JsonNode problem = await TestServer.ProblemAsync(answer, HttpStatusCode.BadRequest, "invalid-request");
        Assert.Contains("WebSocket", (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_of_other_sites_are_refused()
    {
        using ClientWebSocket socket = await SocketAsync();
        socket.Options.SetRequestHeader("Origin", "https://elsewhere.example");
        socket.Options.CollectHttpResponseDetails = true;

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(Address(server), CancellationToken.None));

        Assert.Equal(HttpStatusCode.Forbidden, socket.HttpStatusCode);
    }

    [Fact]
    public async Task Pages_of_listed_origins_are_heard_without_a_key_and_no_others()
    {
        TestServer listing = await TestServer.StartAsync(options => options with { WidgetOrigins = ["https://shop.example"] });
        try
        {
            Assert.Equal(HttpStatusCode.SwitchingProtocols, await StatusAsync("https://shop.example"));
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("https://else.example"));
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("http://shop.example"));
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("null"));
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(origin: null));
        }
        finally
        {
            await listing.DisposeAsync();
        }

        async Task<HttpStatusCode> StatusAsync(string? origin)
        {
            using var socket = new ClientWebSocket();
            socket.Options.CollectHttpResponseDetails = true;
            if (origin is not null)
            {
                socket.Options.SetRequestHeader("Origin", origin);
            }

            Exception? refused = await Record.ExceptionAsync(() => socket.ConnectAsync(Address(listing), CancellationToken.None));
            Assert.Equal(refused is null, socket.HttpStatusCode == HttpStatusCode.SwitchingProtocols);
            return socket.HttpStatusCode;
        }
    }

    [Theory]
    [InlineData(3, WebSocketCloseStatus.InvalidPayloadData)]
    [InlineData(100_000, WebSocketCloseStatus.MessageTooBig)]
    public async Task A_message_that_is_no_sound_ends_the_connection_with_a_word(int bytes, WebSocketCloseStatus status)
    {
        using ClientWebSocket socket = await SocketAsync();
        await socket.ConnectAsync(Address(server), CancellationToken.None);

        await socket.SendAsync(new byte[bytes], WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);

        Assert.Contains("16-bit samples", (string?)(await ReceiveAsync(socket))!["error"], StringComparison.Ordinal);
        Assert.Null(await ReceiveAsync(socket));
        Assert.Equal(status, socket.CloseStatus);
    }

    [Fact]
    public async Task An_open_store_hears_its_visitors()
    {
        TestServer open = await TestServer.StartAsync(options => options with { OpenStore = true });
        try
        {
            using var socket = new ClientWebSocket();
            await socket.ConnectAsync(Address(open), CancellationToken.None);

            await socket.SendAsync(new byte[3_200], WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);

            Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
        }
        finally
        {
            await open.DisposeAsync();
        }
    }

    [Fact]
    public async Task No_address_and_no_key_takes_all_places()
    {
        TestServer open = await TestServer.StartAsync(options => options with { OpenStore = true });
        string key = await open.KeyAsync(ApiRoles.Query);
        var sockets = new List<ClientWebSocket>();
        try
        {
            await FillAsync(null, ListenEndpoint.MostSocketsOfAddress, "3 connections already, as many as one address");
            int free = ListenEndpoint.MostSockets - ListenEndpoint.MostSocketsOfAddress;
            await FillAsync(key, free, "8 people speak already");
            await sockets[0].CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
            await FillAsync(key, ListenEndpoint.MostSocketsOfKey - free, "6 connections already, as many as one key");
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
            await open.DisposeAsync();
        }

        async Task FillAsync(string? caller, int count, string refusal)
        {
            for (int i = 0; i < count; i++)
            {
                sockets.Add(Caller(caller));
                await sockets[^1].ConnectAsync(Address(open), CancellationToken.None);
            }

            // The refusal's words as a browser's console shows them: the answer to the handshake.
            using var asking = new HttpRequestMessage(HttpMethod.Get, "/v1/assistant/listen");
            foreach ((string name, string value) in ((string, string)[])[("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")])
            {
                asking.Headers.Add(name, value);
            }

            using HttpClient client = open.Client(caller);
            JsonNode problem = await TestServer.ProblemAsync(await client.SendAsync(asking), HttpStatusCode.TooManyRequests, "too-many-requests");
            Assert.Contains(refusal, (string?)problem["detail"], StringComparison.Ordinal);
        }

        static ClientWebSocket Caller(string? key)
        {
            var socket = new ClientWebSocket();
            if (key is not null)
            {
                socket.Options.SetRequestHeader("X-Api-Key", key);
            }

            return socket;
        }
    }

    [Fact]
    public async Task The_end_of_a_sentence_in_which_nothing_was_said_is_answered_too()
    {
        using ClientWebSocket socket = await SocketAsync();
        await socket.ConnectAsync(Address(server), CancellationToken.None);

        await socket.SendAsync(new byte[6_400], WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        await socket.SendAsync("end"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

        Assert.Equal("", (string?)(await ReceiveAsync(socket))!["final"]);
    }

    [SpeechFact]
    public async Task What_is_spoken_comes_back_as_text_while_it_is_spoken_and_at_its_end()
    {
        SpeakResponse spoken = await server.Service<Shop>().AssistantVoice.SpeakAsync(new SpeakRequest { Text = "i want to talk to a person", Voice = "slt" });
        byte[] sound = Convert.FromBase64String(spoken.Sound!)[44..];
        using ClientWebSocket socket = await SocketAsync();
        await socket.ConnectAsync(Address(server), CancellationToken.None);

        foreach (byte[] chunk in sound.Chunk(6_400))
        {
            await socket.SendAsync(chunk, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        }

        await socket.SendAsync("end"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        var heard = new List<JsonNode>();
        while (heard.Count == 0 || heard[^1]["final"] is null)
        {
            heard.Add((await ReceiveAsync(socket))!);
        }

        Assert.Equal("i want to talk to a person", (string?)heard[^1]["final"]);
        Assert.InRange((double)heard[^1]["confidence"]!, 0, 1);
        Assert.All(heard[..^1], piece => Assert.NotNull(piece["partial"]));
        Assert.True(heard.Count > 1);
    }

    private static Uri Address(TestServer of) => new UriBuilder(of.Address) { Scheme = "ws", Path = "/v1/assistant/listen" }.Uri;

    private async Task<ClientWebSocket> SocketAsync()
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("X-Api-Key", await server.KeyAsync(ApiRoles.Query));
        return socket;
    }

    private static async Task<JsonNode?> ReceiveAsync(ClientWebSocket socket)
    {
        using var patience = new CancellationTokenSource(Patience);
        byte[] buffer = new byte[4_096];
        WebSocketReceiveResult message = await socket.ReceiveAsync(buffer, patience.Token);
        return message.MessageType == WebSocketMessageType.Close ? null : JsonNode.Parse(Encoding.UTF8.GetString(buffer, 0, message.Count));
    }
}
