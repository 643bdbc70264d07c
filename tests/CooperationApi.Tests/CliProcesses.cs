namespace CooperationApi.Tests;

/// <summary>The collection of tests that run CLI commands, one after another.</summary>
[CollectionDefinition(nameof(CliProcesses))]
public sealed class CliProcesses;
