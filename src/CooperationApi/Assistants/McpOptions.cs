namespace CooperationApi.Assistants;

/// <summary>The `Mcp` section of the configuration: the server of the Model Context Protocol.</summary>
internal sealed record McpOptions
{
    /// <summary>Serves the tools for assistants at `/mcp`.</summary>
    public bool Enabled { get; init; } = true;
}
