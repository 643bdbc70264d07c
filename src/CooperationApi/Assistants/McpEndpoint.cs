using System.Reflection;

namespace CooperationApi.Assistants;

/// <summary>
/// The route `/mcp`: a stateless server of the Model Context Protocol with tools that read. Reading with a tool needs the same key as
/// reading with the API.
/// </summary>
internal static class McpEndpoint
{
    /// <summary>The path of the route.</summary>
    public const string Path = "/mcp";

    /// <summary>Adds the server and its tools.</summary>
    public static void AddMcp(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddMcpServer(options =>
        {
            options.ServerInfo = new()
            {
                Name = "cooperation-api",
                Title = "Cooperation between Vietnam's provinces",
                Version = typeof(McpEndpoint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            };
            options.ServerInstructions =
                "The record of cooperation between Vietnam's provinces: meetings, agreements, commitments and results, each with the words "
                + "of its source. Search first, then read the record. Texts are in Vietnamese. State only facts that an answer has, with "
                + "the quote and the link. If nothing is found, say that the record does not have it.";
        }).WithHttpTransport(options => options.Stateless = true).WithTools<RecordTools>();
    }

    /// <summary>Maps the route, if the setting `Mcp:Enabled` is true.</summary>
    public static void MapMcp(this WebApplication app)
    {
        if (app.Services.GetRequiredService<McpOptions>().Enabled)
            app.MapMcp(Path);
    }
}
