using System.Text;

namespace FedPure.Cli.Support;

/// <summary>
/// What a terminal of a width shows of the bytes that reach it, by ECMA-48 and xterm's modes as far as a line of progress needs them. Lines only grow
/// downwards, so that what was scrolled out is seen too; a sequence that is not known fails the test.
/// </summary>
internal sealed class Screen(int width)
{
    private readonly List<StringBuilder> _rows = [new()];
    private int _row, _column;
    private bool _wraps = true;

    /// <summary>The rows from the top, without blanks at their ends and empty rows at the end.</summary>
    public string[] Rows
    {
        get
        {
            var rows = _rows.Select(row => row.ToString().TrimEnd()).ToList();
            while (rows.Count > 0 && rows[^1].Length == 0) rows.RemoveAt(rows.Count - 1);
            return [.. rows];
        }
    }

    public static string[] Shown(string text, int width)
    {
        var screen = new Screen(width);
        screen.Write(text);
        return screen.Rows;
    }

    public void Write(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\r':
                    _column = 0;
                    break;
                case '\n':
                    (_row, _column) = (_row + 1, 0);
                    break;
                case '\u001b':
                    i = Obey(text, i + 1);
                    break;
                default:
                    Put(text[i]);
                    break;
            }

            while (_rows.Count <= _row) _rows.Add(new());
        }
    }

    // A sequence from the character after ESC; returns the place of its last one.
    private int Obey(string text, int start)
    {
        // "Application keypad", which .NET's console says when it is set up.
        if (text[start] == '=') return start;
        Assert.Equal('[', text[start]);
        int end = start + 1;
        while (text[end] is (>= '0' and <= '9') or ';' or '?') end++;
        switch (text[(start + 1)..(end + 1)])
        {
            case "2K":
                _rows[_row].Clear();
                break;
            case "?7l" or "?7h":
                _wraps = text[end] == 'h';
                break;
            case "?1h" or [.., 'm']:
                break;
            case var other:
                Assert.Fail($"ESC [ {other}");
                break;
        }

        return end;
    }

    private void Put(char character)
    {
        Assert.False(char.IsControl(character), $"U+{(int)character:X4}");
        if (_column == width && _wraps)
        {
            (_row, _column) = (_row + 1, 0);
            while (_rows.Count <= _row) _rows.Add(new());
        }

        _column = Math.Min(_column, width - 1);
        var row = _rows[_row];
        while (row.Length <= _column) row.Append(' ');
        row[_column++] = character;
    }
}
