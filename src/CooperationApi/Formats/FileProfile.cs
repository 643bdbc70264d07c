namespace CooperationApi.Formats;

/// <summary>
/// The reader for whom a file is written: Standard (a program), Excel (a spreadsheet program that opens CSV), Readable (a person).
/// </summary>
internal enum FileProfile
{
    Standard,
    Excel,
    Readable,
}
