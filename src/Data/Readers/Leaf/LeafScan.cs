using System.Collections.Immutable;
using System.Text.Json;

namespace FedPure.Data.Readers.Leaf;

/// <summary>
/// One pass over a LEAF file: {"users": [...], "num_samples": [...], "user_data": {id: {"x": [...], "y": [...]}}}, in any order, other properties passed over.
/// It checks the file whole and takes nothing but places and counts into memory.
/// </summary>
internal sealed class LeafScan
{
    private readonly string _path;
    private readonly LeafIndex _index;
    private readonly JsonFile _file;
    private readonly ShapeOfLists _shape = new();
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private List<string>? _users;
    private List<int>? _sizes;

    private LeafScan(Stream stream, string path, LeafIndex index) => (_path, _index, _file) = (path, index, new JsonFile(stream, path));

    /// <summary>Adds a file's users to an index.</summary>
    /// <exception cref="DataFormatException">The file is damaged, or does not go with those before it.</exception>
    public static void AddFile(string path, LeafIndex index)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        new LeafScan(stream, path, index).Scan();
    }

    private void Scan()
    {
        var json = _file.Begin();
        _file.ReadInside(ref json);
        Require(json, JsonTokenType.StartObject, "an object with users, num_samples and user_data");
        bool hasData = false;
        while (NextProperty(ref json))
        {
            switch (_file.Text(json))
            {
                case "users": ReadUsers(ref json); break;
                case "num_samples": ReadSizes(ref json); break;
                case "user_data" when hasData: throw _file.Error(json, "user_data occurs a second time");
                case "user_data":
                    hasData = true;
                    ReadUserData(ref json);
                    break;
                default: PassOver(ref json); break;
            }
        }

        // Nothing but white space may follow; reading on says so.
        _file.Read(ref json);
        CheckCounts(hasData);
    }

    private void ReadUsers(ref Utf8JsonReader json)
    {
        if (_users is not null) throw _file.Error(json, "users occurs a second time");
        _users = [];
        Begin(ref json, JsonTokenType.StartArray, "the list of users");
        while (NextItem(ref json)) _users.Add(_file.Text(json));
    }

    private void ReadSizes(ref Utf8JsonReader json)
    {
        if (_sizes is not null) throw _file.Error(json, "num_samples occurs a second time");
        _sizes = [];
        Begin(ref json, JsonTokenType.StartArray, "the list of num_samples");
        while (NextItem(ref json))
        {
            _sizes.Add(json.TokenType == JsonTokenType.Number && json.TryGetInt32(out int size) && size >= 0
                ? size
                : throw _file.Error(json, $"num_samples should have a number of examples, a whole number from 0, but has {json.TokenType}"));
        }
    }

    private void ReadUserData(ref Utf8JsonReader json)
    {
        Begin(ref json, JsonTokenType.StartObject, "the object user_data");
        while (NextProperty(ref json))
        {
            string id = _file.Text(json);
            _file.ReadInside(ref json);
            Require(json, JsonTokenType.StartObject, $"an object with the x and y of the user '{id}'");
            long start = _file.Position(json);
            int count = ReadUser(ref json, id);
            long length = _file.End(json) - start;
            if (length > Array.MaxLength) throw _file.Error(json, $"the data of the user '{id}' have {length} bytes, more than one client can have");
            _index.Add(new LeafUser(_path, id, start, (int)length, count));
            _counts.Add(id, count);
        }
    }

    private int ReadUser(ref Utf8JsonReader json, string id)
    {
        int examples = -1, labels = -1;
        bool textLabels = false;
        while (NextProperty(ref json))
        {
            switch (_file.Text(json))
            {
                case "x" when examples >= 0: throw _file.Error(json, $"the user '{id}' has x a second time");
                case "y" when labels >= 0: throw _file.Error(json, $"the user '{id}' has y a second time");
                case "x": examples = ReadExamples(ref json, id); break;
                case "y": (labels, textLabels) = ReadLabels(ref json, id); break;
                default: PassOver(ref json); break;
            }
        }

        if (textLabels && _index.IsText == false) throw _file.Error(json, $"the user '{id}' has numbers in x, but text in y");
        if (examples < 0 || labels < 0) throw _file.Error(json, $"the user '{id}' has no {(examples < 0 ? "x" : "y")}");
        return examples == labels ? examples : throw _file.Error(json, $"the user '{id}' has {examples} examples in x, but {labels} labels in y");
    }

    private int ReadExamples(ref Utf8JsonReader json, string id)
    {
        Begin(ref json, JsonTokenType.StartArray, $"the list x of the user '{id}'");
        int count = 0;
        for (; NextItem(ref json); count++)
        {
            bool isList = json.TokenType == JsonTokenType.StartArray;
            if (isList && _index.IsText is null) _index.IsText = StartsWithText(ref json, id, count);
            else if (isList) _file.ReadInside(ref json);
            _index.IsText ??= json.TokenType == JsonTokenType.String;
            if (_index.IsText.Value) ReadTexts(ref json, id, count, isList);
            else ReadNumbers(ref json, id, count, isList);
        }

        return count;
    }

    // Reads the first token inside a list, which says what the data are.
    private bool StartsWithText(ref Utf8JsonReader json, string id, int example)
    {
        _file.ReadInside(ref json);
        return json.TokenType == JsonTokenType.EndArray ? throw Misshapen(json, id, example) : json.TokenType == JsonTokenType.String;
    }

    // A single text, or a list of texts and of numbers that belong to it, as Sent140 has.
    private void ReadTexts(ref Utf8JsonReader json, string id, int example, bool isList)
    {
        do
        {
            if (isList && json.TokenType == JsonTokenType.EndArray) return;
            if (json.TokenType == JsonTokenType.String) _file.Text(json);
            else if (!isList || json.TokenType != JsonTokenType.Number)
                throw _file.Error(json, $"example {example} of the user '{id}' should be text, but has {json.TokenType}");
            if (isList) _file.ReadInside(ref json);
        }
        while (isList);
    }

    private void ReadNumbers(ref Utf8JsonReader json, string id, int example, bool isList)
    {
        // A bare number is a list of one.
        _shape.Begin(_index.Shape);
        bool fits = _shape.Open();
        if (!isList)
        {
            if (json.TokenType != JsonTokenType.Number)
                throw _file.Error(json, $"example {example} of the user '{id}' should be numbers, but has {json.TokenType}");
            fits = fits && _shape.Number() && _shape.Close();
        }

        while (_shape.Depth > 0)
        {
            fits = fits && json.TokenType switch
            {
                JsonTokenType.Number => _shape.Number(),
                JsonTokenType.StartArray => _shape.Open(),
                JsonTokenType.EndArray => _shape.Close(),
                _ => throw _file.Error(json, $"example {example} of the user '{id}' should be numbers, but has {json.TokenType}"),
            };
            if (!fits) throw Misshapen(json, id, example);
            if (_shape.Depth > 0) _file.ReadInside(ref json);
        }

        if (!fits) throw Misshapen(json, id, example);
        if (_index.Shape.IsDefault) _index.Shape = Checked(json, id, example);
    }

    private ImmutableArray<int> Checked(in Utf8JsonReader json, string id, int example)
    {
        var shape = _shape.Shape;
        return shape.Aggregate(1L, (product, size) => Math.Min(int.MaxValue, product * size)) < int.MaxValue ? shape : throw Misshapen(json, id, example);
    }

    private (int Count, bool HasText) ReadLabels(ref Utf8JsonReader json, string id)
    {
        Begin(ref json, JsonTokenType.StartArray, $"the list y of the user '{id}'");
        int count = 0;
        bool hasText = false;
        for (; NextItem(ref json); count++)
        {
            // Labels of text may be text; y may also come before x has said what the data are.
            if (json.TokenType == JsonTokenType.String && _index.IsText != false)
            {
                _file.Text(json);
                hasText = true;
            }
            else if (_index.IsText != true || json.TokenType != JsonTokenType.Number)
            {
                _index.Labels.Add(JsonText.Label(json, _path, _file.Position(json)));
            }
        }

        return (count, hasText);
    }

    private void CheckCounts(bool hasData)
    {
        if (_users is null || _sizes is null || !hasData)
            throw new DataFormatException(
                _path,
                $"it has no {(_users is null ? "users" : _sizes is null ? "num_samples" : "user_data")}; a LEAF file is an object with users, "
                    + "num_samples and user_data.");
        if (_users.Count != _sizes.Count) throw new DataFormatException(_path, $"it has {_users.Count} users, but {_sizes.Count} num_samples.");
        var listed = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < _users.Count; i++)
        {
            if (!listed.Add(_users[i])) throw new DataFormatException(_path, $"its users have '{_users[i]}' twice, the second time as entry {i}.");
            if (!_counts.TryGetValue(_users[i], out int count))
                throw new DataFormatException(_path, $"the user '{_users[i]}', entry {i} of users, has no user_data.");
            if (count != _sizes[i])
                throw new DataFormatException(_path, $"num_samples gives the user '{_users[i]}' {_sizes[i]} examples, but user_data {count}.");
        }

        if (_counts.Keys.FirstOrDefault(id => !listed.Contains(id)) is { } unlisted)
            throw new DataFormatException(_path, $"user_data has '{unlisted}', which users does not list.");
    }

    private void PassOver(ref Utf8JsonReader json)
    {
        _file.ReadInside(ref json);
        _file.Skip(ref json);
    }

    private bool NextProperty(ref Utf8JsonReader json)
    {
        _file.ReadInside(ref json);
        return json.TokenType == JsonTokenType.PropertyName;
    }

    private bool NextItem(ref Utf8JsonReader json)
    {
        _file.ReadInside(ref json);
        return json.TokenType != JsonTokenType.EndArray;
    }

    private void Begin(ref Utf8JsonReader json, JsonTokenType type, string what)
    {
        _file.ReadInside(ref json);
        Require(json, type, what);
    }

    private void Require(in Utf8JsonReader json, JsonTokenType type, string what)
    {
        if (json.TokenType != type) throw _file.Error(json, $"{what} should stand, not {json.TokenType}");
    }

    private DataFormatException Misshapen(in Utf8JsonReader json, string id, int example) => _file.Error(
        json,
        $"example {example} of the user '{id}' "
        + (_index.Shape.IsDefault ? "is no array of numbers" : $"has another shape than {string.Join('×', _index.Shape)}, that of the first"));
}
