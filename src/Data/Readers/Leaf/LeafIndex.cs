using System.Collections.Immutable;

namespace FedPure.Data.Readers.Leaf;

/// <summary>Where a user's data lie in a LEAF file, and how many examples they are.</summary>
internal readonly record struct LeafUser(string Path, string Id, long Start, int Length, int Count);

/// <summary>What one pass over a LEAF file, or several of one split, found: enough to describe the data and to read each user by itself.</summary>
internal sealed class LeafIndex
{
    private readonly Dictionary<string, LeafUser> _users = new(StringComparer.Ordinal);

    /// <summary>The users by id.</summary>
    public IReadOnlyDictionary<string, LeafUser> Users => _users;

    /// <summary>How often each label occurs; empty for text, whose labels are texts too.</summary>
    public LabelCounts Labels { get; } = new();

    /// <summary>Whether x holds texts rather than numbers; null before the first example.</summary>
    public bool? IsText { get; set; }

    /// <summary>The shape of one example, such as 784; default before the first example.</summary>
    public ImmutableArray<int> Shape { get; set; }

    /// <exception cref="DataFormatException">There is such a user already.</exception>
    public void Add(LeafUser user)
    {
        if (_users.TryAdd(user.Id, user)) return;
        string other = _users[user.Id].Path;
        throw new DataFormatException(
            user.Path,
            $"the user '{user.Id}' at byte {user.Start} occurs twice{(other == user.Path ? "" : $", first in {other}")}; "
                + "a user's examples belong in one place.");
    }
}
