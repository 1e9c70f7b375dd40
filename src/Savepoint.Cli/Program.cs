Console.WriteLine("savepoint");
