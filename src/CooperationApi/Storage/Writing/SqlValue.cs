namespace CooperationApi.Storage.Writing;

/// <summary>What a column has: text (a string, or bytes of UTF-8), a whole number, or nothing.</summary>
internal readonly struct SqlValue
{
    private static readonly object NumberTag = new();

    private SqlValue(object? payload, long number) => (Payload, Number) = (payload, number);

    /// <summary>Text; nothing if there is nothing; some other object for a number.</summary>
    public object? Payload { get; }

    /// <summary>The text, if it is a string.</summary>
    public string? Text => Payload as string;

    /// <summary>The number, if it is one.</summary>
    public long Number { get; }

    /// <summary>Whether it is the same number, or the very same text.</summary>
    public bool IsSameReference(SqlValue other) => Number == other.Number && ReferenceEquals(Payload, other.Payload);

    public static implicit operator SqlValue(string? text) => new(text, 0);

    public static implicit operator SqlValue(byte[]? text) => new(text, 0);

    public static implicit operator SqlValue(long number) => new(NumberTag, number);

    public static implicit operator SqlValue(long? number) => number is { } value ? new SqlValue(NumberTag, value) : default;
}
