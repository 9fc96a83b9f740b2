using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cartwright.Cli.Commands;
using Cartwright.Commerce.Catalog;
using Cartwright.Server.Verbs;

namespace Cartwright.Cli.Requests;

/// <summary>The options of one request record, and the way from what was typed back to the record.</summary>
/// <remarks>Typed words become JSON and the JSON becomes the record, so that both doors read with the same eyes.</remarks>
internal sealed class RequestForm
{
    private readonly CliCommand _command;
    private readonly Type _request;
    private readonly Dictionary<RequestField, Option> _options = [];
    private readonly Dictionary<RequestField, Option<bool>> _offs = [];
    private readonly Argument<string?>? _positional;
    private readonly RequestField? _positionalField;
    private readonly Option<string>? _file;

    /// <param name="except">Fields that the command fills itself.</param>
    public RequestForm(CliCommand command, Type request, params string[] except)
    {
        _command = command;
        _request = request;
        Fields = [.. RequestField.Of(request).Where(field => !except.Contains(field.Property.Name, StringComparer.Ordinal))];
        foreach (RequestField field in Fields.Where(field => field.Form != FieldForm.File))
        {
            Option option = field.Form switch
            {
                FieldForm.Flag => new Option<bool>(field.OptionName),
                FieldForm.List => new Option<string[]>(field.OptionName) { Arity = ArgumentArity.OneOrMore },
                _ => new Option<string>(field.OptionName),
            };
            _options.Add(field, option);
            command.Options.Add(option);
            if (field.OffName is { } name)
            {
                var off = new Option<bool>(name);
                _offs.Add(field, off);
                command.Options.Add(off);
            }
        }

        // The one thing that must be said needs no option name before it: `catalog import ./shop-folder`.
        RequestField[] needed = [.. Fields.Where(field => field is { IsRequired: true, Form: FieldForm.Value } || field.IsPositional)];
        if (needed is [var only])
        {
            _positionalField = only;
            _positional = new Argument<string?>(only.OptionName[2..]) { Arity = ArgumentArity.ZeroOrOne };
            command.Arguments.Add(_positional);
        }

        if (Fields.Any(field => field.Form == FieldForm.File))
        {
            _file = new Option<string>("--file");
            command.Options.Add(_file);
        }
    }

    public Type Request => _request;

    public IReadOnlyList<RequestField> Fields { get; }

    /// <summary>The field that may be given without its option's name, if there is one.</summary>
    public RequestField? Positional => _positionalField;

    /// <summary>The names of the options that come from the record.</summary>
    public IEnumerable<string> OptionNames => _options.Values.Concat(_offs.Values).Select(option => option.Name).Append("--file");

    /// <summary>What was typed, as a record that still has to be validated.</summary>
    /// <exception cref="UsageException">A word is not what the field takes, or a needed one is missing.</exception>
    public object Read(ParseResult parsed)
    {
        JsonObject json = _file is null ? [] : ReadFile(parsed.GetValue(_file));
        foreach ((RequestField field, Option option) in _options)
        {
            if (Typed(parsed, field, option) is { } value)
            {
                json[field.JsonName] = value;
            }
        }

        if (_positional is not null && parsed.GetValue(_positional) is { } word)
        {
            if (json.ContainsKey(_positionalField!.JsonName))
            {
                throw new UsageException($"The {_positional.Name} was given twice: '{word}' and {_positionalField.OptionName}.");
            }

            json[_positionalField.JsonName] = Convert(_positionalField, word);
        }

        if (Fields.FirstOrDefault(field => field.IsRequired && !json.ContainsKey(field.JsonName)) is { } missing)
        {
            if (missing.Form == FieldForm.File && _file is not null && parsed.GetValue(_file) is { } path)
            {
                throw new UsageException($"{path} has no \"{missing.JsonName}\" at its top. {missing.Summary}".TrimEnd(), $"It takes {{ \"{missing.JsonName}\": … }}.");
            }

            string option = missing.Form == FieldForm.File ? "--file" : missing.OptionName;
            throw new UsageException($"{option} is needed. {missing.Summary}".TrimEnd(), $"For example: {_command.Example}");
        }

        return Deserialize(json);
    }

    /// <summary>Checks the record by the same rules as HTTP, and names what is wrong as it is typed here.</summary>
    /// <exception cref="UsageException">A field breaks a rule.</exception>
    public void Validate(object request, TimeProvider clock)
    {
        try
        {
            RequestValidation.Validate(request, _request, clock);
        }
        catch (InvalidRequestException invalid)
        {
            throw new UsageException(string.Join(Environment.NewLine, invalid.Errors.Select(error => Describe(error.Key, error.Value))));
        }
    }

    private string Describe(string name, string[] messages)
    {
        string typed = Fields.FirstOrDefault(field => string.Equals(field.JsonName, name, StringComparison.Ordinal))?.OptionName ?? name;
        string message = string.Join(' ', messages);
        string named = $"The field {name} ";
        return message.StartsWith(named, StringComparison.Ordinal) ? $"{typed} {message[named.Length..]}" : $"{typed}: {message}";
    }

    /// <summary>What could not be read, by the option or the place in the file, without the names of .NET's types.</summary>
    private string Unreadable(JsonException problem)
    {
        string path = problem.Path is { Length: > 2 } at ? at[2..] : "";
        if (path.Length == 0 || !problem.Message.StartsWith("The JSON value could not be converted", StringComparison.Ordinal))
        {
            return problem.Message;
        }

        RequestField? field = Fields.FirstOrDefault(field => field.JsonName == path.Split('.', '[')[0]);
        string place = field is { Form: not FieldForm.File } ? field.OptionName : path;
        return field?.ValueType == typeof(DateOnly) ? $"{place} takes days, such as 2026-03-01."
            : $"{place} can't be read: the value is of another kind than it takes. See --help for what it holds.";
    }

    private object Deserialize(JsonObject json)
    {
        try
        {
            return json.Deserialize(_request, WireJson.Options)!;
        }
        catch (JsonException problem)
        {
            throw new UsageException(Unreadable(problem));
        }
    }

    private JsonNode? Typed(ParseResult parsed, RequestField field, Option option)
    {
        switch (option)
        {
            case Option<bool> flag:
                bool isOff = _offs.TryGetValue(field, out Option<bool>? off) && parsed.GetValue(off);
                return isOff ? JsonValue.Create(false) : parsed.GetResult(flag) is { Implicit: false } ? JsonValue.Create(parsed.GetValue(flag)) : null;
            case Option<string[]> list when parsed.GetResult(list) is not null:
                return new JsonArray([.. parsed.GetValue(list)!
                    .SelectMany(word => word.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                    .Select(word => Convert(field, word))]);
            case Option<string> single when parsed.GetResult(single) is not null:
                return Convert(field, parsed.GetValue(single)!);
            default:
                return null;
        }
    }

    private static JsonValue Convert(RequestField field, string word)
    {
        if (field.ValueType.IsEnum)
        {
            return JsonValue.Create(EnumWord(field, word));
        }

        if (!RequestField.IsNumber(field.ValueType))
        {
            return JsonValue.Create(word);
        }

        bool isWhole = field.ValueType == typeof(int) || field.ValueType == typeof(long);
        if (isWhole && long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole)
            && (field.ValueType == typeof(long) || whole is >= int.MinValue and <= int.MaxValue))
        {
            return JsonValue.Create(whole);
        }

        if (!isWhole && decimal.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number))
        {
            return JsonValue.Create(number);
        }

        string allowed = field.Allowed is { } range ? $": {range}" : "";
        throw new UsageException($"{field.OptionName} was '{word}'; it takes a {(isWhole ? "whole number" : "number")}{allowed}.");
    }

    private static string EnumWord(RequestField field, string word) => field.EnumWords
        .FirstOrDefault(name => string.Equals(name, word.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase))
        ?? throw new UsageException($"{field.OptionName} was '{word}'; it takes {string.Join(", ", field.EnumWords)}.");

    /// <summary>The request as JSON, or the list alone that it holds; "-" is standard input.</summary>
    private JsonObject ReadFile(string? path)
    {
        if (path is null)
        {
            return [];
        }

        try
        {
            string text = path == "-" ? Console.In.ReadToEnd() : File.ReadAllText(path);
            if (string.IsNullOrWhiteSpace(text))
            {
                throw new ImportFormatException(path, null, "the file is empty; it should hold the request as JSON.");
            }

            JsonNode? node = JsonNode.Parse(text);
            return node as JsonObject ?? new JsonObject { [Fields.First(field => field.Form == FieldForm.File).JsonName] = node };
        }
        catch (JsonException problem)
        {
            throw new ImportFormatException(path, problem.LineNumber + 1, $"this is not JSON from character {problem.BytePositionInLine + 1} on.");
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ImportFormatException(path, null, "there is no such file.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ImportFormatException(path, null, Directory.Exists(path) ? "this is a folder; name the file." : $"the file can't be read: {unreadable.Message}");
        }
    }
}
