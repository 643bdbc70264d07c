namespace CooperationApi.Tests;

/// <summary>The same for the verbs.</summary>
[CollectionDefinition(nameof(CliProcesses))]
public sealed class CliProcesses;
