using System.ComponentModel.DataAnnotations;
using Cartwright.Server.Dashboard;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Cartwright.Server.Tests.Dashboard;

public sealed class PhotoDeskTests
{
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3];

    [Fact]
    public async Task Keeps_a_photo_for_half_an_hour()
    {
        var clock = new MovedClock();
        var desk = new PhotoDesk(clock, PhotoDesk.MerchantBudget);
        Photo photo = await desk.TakeAsync(With(Jpeg));

        clock.Now += TimeSpan.FromMinutes(29);
        Assert.Equal(Jpeg, desk.Find(photo.Id)!.Bytes);
        clock.Now += TimeSpan.FromMinutes(2);
        Assert.Null(desk.Find(photo.Id));
    }

    [Fact]
    public async Task Lets_the_oldest_go_before_it_holds_more_than_its_budget()
    {
        var desk = new PhotoDesk(TimeProvider.System, PhotoDesk.MerchantBudget);
        byte[] large = [.. Jpeg, .. new byte[PhotoDesk.MaxBytes - Jpeg.Length]];
        var taken = new List<Photo>();
        for (int i = 0; i < 10; i++)
        {
            taken.Add(await desk.TakeAsync(With(large)));
        }

        Assert.Null(desk.Find(taken[0].Id));
        Assert.Equal(8, taken.Count(photo => desk.Find(photo.Id) is not null));
    }

    [Theory]
    [InlineData("GIF89a")]
    [InlineData("<svg/>")]
    public async Task Refuses_what_is_no_picture_it_can_read(string content) =>
        await Assert.ThrowsAsync<ValidationException>(() => new PhotoDesk(TimeProvider.System, PhotoDesk.MerchantBudget).TakeAsync(With(System.Text.Encoding.ASCII.GetBytes(content))));

    [Fact]
    public async Task Refuses_a_photo_that_is_too_large() =>
        await Assert.ThrowsAsync<ValidationException>(() => new PhotoDesk(TimeProvider.System, PhotoDesk.MerchantBudget).TakeAsync(With(new byte[PhotoDesk.MaxBytes + 1])));

    private static DefaultHttpContext With(byte[] bytes)
    {
        var files = new FormFileCollection { new FormFile(new MemoryStream(bytes), 0, bytes.Length, "photo", "photo.jpg") };
        var http = new DefaultHttpContext();
        http.Request.ContentType = "multipart/form-data; boundary=x";
        http.Request.Form = new FormCollection(new Dictionary<string, StringValues>(StringComparer.Ordinal), files);
        return http;
    }

    private sealed class MovedClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
