using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Cartwright.Commerce.Catalog;
using Cartwright.Server.Verbs;

namespace Cartwright.Cli.Tests.House;

/// <summary>Every request and options record: its defaults are valid, and what lies beyond an edge is refused.</summary>
public sealed class OptionRecordTests
{
    public static TheoryData<string> Records => [.. RequestRecords.All.Select(type => type.FullName!)];

    public static TheoryData<string, string> Ranges
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach ((Type type, PropertyInfo property) in RequestRecords.All.SelectMany(type => type.GetProperties()
                .Where(property => property.IsDefined(typeof(RangeAttribute))).Select(property => (type, property))))
            {
                data.Add(type.FullName!, property.Name);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Records))]
    public void Its_defaults_are_valid(string record)
    {
        RequestValidation.Validate(RequestRecords.Example(TypeOf(record)), TypeOf(record));
    }

    [Theory, MemberData(nameof(Ranges))]
    public void The_edges_are_taken_and_what_lies_beyond_is_refused(string record, string field)
    {
        PropertyInfo property = TypeOf(record).GetProperty(field)!;
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        RangeAttribute range = property.GetCustomAttribute<RangeAttribute>()!;
        double low = Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture);
        double high = Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture);

        object With(double value)
        {
            object example = RequestRecords.Example(TypeOf(record));
            property.SetValue(example, Convert.ChangeType(value, type, CultureInfo.InvariantCulture));
            return example;
        }

        Assert.Throws<InvalidRequestException>(() => RequestValidation.Validate(With(low - 1), TypeOf(record)));
        Assert.Throws<InvalidRequestException>(() => RequestValidation.Validate(With(high + Math.Max(1, high * 0.01)), TypeOf(record)));
        if (!range.MinimumIsExclusive)
        {
            RequestValidation.Validate(With(low), TypeOf(record));
        }

        if (!range.MaximumIsExclusive)
        {
            RequestValidation.Validate(With(high), TypeOf(record));
        }
    }

    [Fact]
    public void Every_field_that_a_command_reads_says_what_it_means()
    {
        string[] silent = [.. Cli.Commands().Select(command => command.Form?.Request).OfType<Type>().SelectMany(type => type.GetProperties()
            .Where(property => property.SetMethod is { IsPublic: true } && VerbDocumentation.Summary(property).Length == 0)
            .Select(property => $"{type.Name}.{property.Name}"))];

        Assert.Empty(silent);
    }

    private static Type TypeOf(string record) => RequestRecords.All.Single(type => type.FullName == record);
}
