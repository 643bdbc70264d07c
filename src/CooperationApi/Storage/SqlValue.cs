namespace CooperationApi.Storage;

/// <summary>A value of a SQL parameter or column: text, the UTF-8 bytes of JSON, an integer, or NULL.</summary>
internal readonly struct SqlValue
{
    private static readonly object NumberTag = new();

    private SqlValue(object? payload, long number) => (Payload, Number) = (payload, number);

    /// <summary>The text as `string` or `byte[]`, null for NULL, or a marker object for an integer.</summary>
    public object? Payload { get; }

    /// <summary>The text if it is a string, otherwise null.</summary>
    public string? Text => Payload as string;

    /// <summary>The bytes if the value has them, otherwise null.</summary>
    public byte[]? Bytes => Payload as byte[];

    /// <summary>The integer, otherwise 0.</summary>
    public long Number { get; }

    /// <summary>True if both are the same integer, the same instance of a text or of bytes, or NULL.</summary>
    public bool IsSameReference(SqlValue other) => Number == other.Number && ReferenceEquals(Payload, other.Payload);

    public static implicit operator SqlValue(string? text) => new(text, 0);

    public static implicit operator SqlValue(byte[]? text) => new(text, 0);

    public static implicit operator SqlValue(long number) => new(NumberTag, number);

    public static implicit operator SqlValue(long? number) => number is { } value ? new SqlValue(NumberTag, value) : default;
}
