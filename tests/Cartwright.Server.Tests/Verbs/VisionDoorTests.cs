using System.Net;
using System.Net.Http.Json;

namespace Cartwright.Server.Tests.Verbs;

public sealed class VisionDoorTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_picture_may_be_larger_than_other_bodies()
    {
        string picture = Convert.ToBase64String(new byte[3 << 20]);

        HttpResponseMessage answer = await server.Query.PostAsJsonAsync("/v1/vision/tag", new { picture });

        await TestServer.ProblemAsync(answer, HttpStatusCode.Conflict, "model-not-trained");
    }

    [Fact]
    public async Task A_path_of_the_server_is_no_field_over_http()
    {
        HttpResponseMessage answer = await server.Query.PostAsJsonAsync("/v1/vision/explain", new { path = "/etc/passwd" });

        await TestServer.ProblemAsync(answer, HttpStatusCode.BadRequest, "invalid-request");
    }
}
