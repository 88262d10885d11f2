using System.Collections.Immutable;
using System.Globalization;

namespace FedPure.Data.Readers.Numpy;

/// <summary>Reads the few kinds of Python literals that a .npy header has.</summary>
internal sealed class PythonLiteral(string text, string name)
{
    private int _next;

    public DataFormatException Error(string reason) => new(name, $"its header is damaged: at character {_next}, {reason}.");

    /// <summary>Passes over a sign if it is next.</summary>
    public bool Accept(char sign)
    {
        while (_next < text.Length && char.IsWhiteSpace(text[_next])) _next++;
        if (_next >= text.Length || text[_next] != sign) return false;
        _next++;
        return true;
    }

    public void Expect(char sign)
    {
        if (!Accept(sign)) throw Error($"{sign} should stand");
    }

    /// <summary>Fails unless that sign is next; it is not passed over.</summary>
    public void RequireNext(char sign)
    {
        Expect(sign);
        _next--;
    }

    public string String()
    {
        char quote = Accept('\'') ? '\'' : Accept('"') ? '"' : throw Error("a text in quotes should stand");
        int end = text.IndexOf(quote, _next);
        if (end < 0) throw Error("a text does not end");
        string value = text[_next..end];
        _next = end + 1;
        return value;
    }

    public bool Boolean() => Word() switch { "True" => true, "False" => false, _ => throw Error("True or False should stand") };

    public ImmutableArray<long> Tuple()
    {
        Expect('(');
        var values = ImmutableArray.CreateBuilder<long>();
        while (!Accept(')'))
        {
            if (!long.TryParse(Word(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)) throw Error("a whole number should stand");
            values.Add(value);
            if (!Accept(',')) RequireNext(')');
        }

        return values.ToImmutable();
    }

    private string Word()
    {
        while (_next < text.Length && char.IsWhiteSpace(text[_next])) _next++;
        int start = _next;
        while (_next < text.Length && (char.IsAsciiLetterOrDigit(text[_next]) || text[_next] is '-' or '+')) _next++;
        return text[start.._next];
    }
}
