namespace PocSync.Tests;

/// <summary>The folder of the source, for tests of what is kept beside the code.</summary>
internal static class Repository
{
    public static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder!.FullName, "PocSync.sln")))
            {
                folder = folder.Parent;
            }

            return folder.FullName;
        }
    }
}
